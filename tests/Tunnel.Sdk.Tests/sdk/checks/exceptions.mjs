// Where the SDK's types are known to be wrong about Cloudflare's own answers. Each entry says which answer, which part of
// it, and why. An entry that nothing needs any more is reported.

/** @type {{ operation: RegExp, path: RegExp, reason: string }[]} */
export const exceptions = [
  {
    operation: /^dns\.records\./,
    path: /\.comment$/,
    reason: 'a record without a comment has null there, and not no property',
  },
  {
    operation: /^zeroTrust\.tunnels\./,
    path: /\.(conns_active_at|conns_inactive_at|deleted_at)$/,
    reason: 'a time that has not come yet is null: so in the examples of the API reference',
  },
  {
    operation: /^zeroTrust\.tunnels\.cloudflared\.configurations\./,
    path: /\.config\.ingress\[\d+\]\.hostname$/,
    reason: 'the last rule is for every hostname, and cloudflared wants it to name none',
  },
  {
    operation: /^zeroTrust\.tunnels\.cloudflared\.configurations\.get$/,
    path: /\.config$/,
    reason: 'a tunnel that was never configured has null there',
  },
];
