// A comparison that finds nothing proves nothing: a true answer, made wrong in one place each time, must be found out.

/** @returns {Promise<string[]>} what the comparison overlooked, or took for a problem wrongly */
export async function selfTest(client, types, conformance, lab) {
  const { type } = types.answerOf('zones.get');
  const zone = await client.zones.get({ zone_id: lab.zone });
  const problems = change => conformance.check(type, change({ ...zone }), 'Zone').problems.map(p => p.path);

  const wrong = {
    'Zone.name': [
      ({ name, ...rest }) => rest,
      rest => ({ ...rest, name: 7 }),
      rest => ({ ...rest, name: null }),
    ],
    'Zone.status': [rest => ({ ...rest, status: 'sleeping' })],
    'Zone.paused': [rest => ({ ...rest, paused: 'no' })],
    'Zone.name_servers': [rest => ({ ...rest, name_servers: 'ns.example.test' })],
    'Zone.name_servers[1]': [rest => ({ ...rest, name_servers: ['ns.example.test', 2] })],
    'Zone.created_on': [rest => ({ ...rest, created_on: 'yesterday' })],
    'Zone.owner.id': [rest => ({ ...rest, owner: { id: 1 } })],
    'Zone': [() => [], () => null],
  };
  const overlooked = [];
  for (const [path, changes] of Object.entries(wrong)) {
    for (const change of changes) {
      const found = problems(change);
      if (found.join() !== path) overlooked.push(`${change}: found ${found.join() || 'nothing'} instead of ${path}`);
    }
  }
  const right = [rest => rest, rest => ({ ...rest, activated_on: null }), rest => ({ ...rest, something_new: 1 })];
  for (const change of right.filter(c => problems(c).length > 0)) overlooked.push(`${change}: taken for a problem`);
  return overlooked;
}
