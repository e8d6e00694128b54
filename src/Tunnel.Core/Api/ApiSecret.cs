using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Runtime.InteropServices;

namespace Tunnel.Core.Api;

/// <summary>
/// The API token in memory. It stands in one place that the garbage collector does not copy, and is overwritten when it is
/// forgotten; the header of each call lives as long as the call.
/// </summary>
internal sealed class ApiSecret : IDisposable
{
    private readonly Lock _lock = new();
    private readonly char[] _value;
    private bool _forgotten;

    public ApiSecret(string value)
    {
        _value = GC.AllocateUninitializedArray<char>(value.Length, pinned: true);
        value.CopyTo(_value);
    }

    public bool IsForgotten
    {
        get
        {
            lock (_lock)
            {
                return _forgotten;
            }
        }
    }

    /// <exception cref="AccountDisconnectedException">The token is forgotten.</exception>
    public AuthenticationHeaderValue ToHeader()
    {
        lock (_lock)
        {
            return _forgotten ? throw new AccountDisconnectedException() : new AuthenticationHeaderValue("Bearer", new string(_value));
        }
    }

    /// <summary>A text of others, without the token should it be in there.</summary>
    public string Redact(string text)
    {
        lock (_lock)
        {
            return _forgotten || _value.Length < 8 || !text.AsSpan().Contains(_value, StringComparison.Ordinal)
                ? text
                : text.Replace(new string(_value), "***", StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _forgotten = true;
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_value.AsSpan()));
        }
    }

    public override string ToString() => "***";
}
