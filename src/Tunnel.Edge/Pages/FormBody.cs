using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Tunnel.Edge.Pages;

/// <summary>A posted form, within bounds.</summary>
internal sealed class FormBody
{
    private const string MediaType = "application/x-www-form-urlencoded";
    private const int MaxBytes = 16 * 1024;
    private const int MaxFields = 32;

    private readonly Dictionary<string, StringValues> _fields;

    private FormBody(Dictionary<string, StringValues> fields) => _fields = fields;

    /// <summary>A field's value; null when it is missing or there twice.</summary>
    public string? this[string name] => _fields.TryGetValue(name, out var values) && values is [var value] ? value : null;

    /// <summary>Reads the request's body; null when it is no form, or a larger one than any page has.</summary>
    public static async Task<FormBody?> ReadAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var request = context.Request;
        if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        if (await BoundedBody.ReadAsync(context, MaxBytes, BoundedBody.Patience).ConfigureAwait(false) is not { } body)
        {
            return null;
        }

        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body.Span))
            {
                ValueCountLimit = MaxFields, KeyLengthLimit = 256, ValueLengthLimit = MaxBytes,
            };
            return new FormBody(reader.ReadForm());
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
