namespace Tunnel.Access;

/// <summary>Where in a policy its outcome was settled.</summary>
internal enum PolicyPart
{
    Include,
    Require,
    Exclude,
    SignIn,
    MachineProof,
}
