using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;
using Tunnel.Edge.Store;

namespace Tunnel.Edge.Api.Dns;

internal static class DnsErrors
{
    public static ApiException Missing() => new(StatusCodes.Status404NotFound, 81044, "Record does not exist.");

    public static ApiException Invalid(string message) => Invalid(1004, message);

    public static ApiException Invalid(int code, string message) => new(StatusCodes.Status400BadRequest, code, message);

    /// <summary>Why a record was not written.</summary>
    public static ApiException From(DnsConflict conflict) => conflict switch
    {
        DnsConflict.HostExists => Invalid(81053, "An A, AAAA, or CNAME record with that host already exists."),
        DnsConflict.CnameExists => Invalid(81054, "A CNAME record with that host already exists."),
        DnsConflict.Identical => Invalid(81058, "An identical record already exists."),
        _ => Missing(),
    };
}
