using Microsoft.AspNetCore.Http;
using Tunnel.Edge.Api.Http;

namespace Tunnel.Edge.Api.Access;

/// <summary>Access names its errors by a path of words.</summary>
internal static class AccessErrors
{
    public static ApiException Invalid(string message) =>
        new(StatusCodes.Status400BadRequest, 12130, $"access.api.error.invalid_request: {message}");

    public static ApiException UnknownApplication() =>
        new(StatusCodes.Status404NotFound, 11021, "access.api.error.unknown_application");

    public static ApiException ApplicationExists() =>
        new(StatusCodes.Status409Conflict, 11010, "access.api.error.application_already_exists");

    public static ApiException UnknownPolicy() =>
        new(StatusCodes.Status404NotFound, 12083, "access.api.error.policy_not_found");

    public static ApiException PrecedenceTaken() => Invalid("policy precedences must be unique");

    /// <summary>An application holds it, but it is changed and removed by itself.</summary>
    public static ApiException PolicyIsReusable() =>
        Invalid("the policy is reusable: change or remove it at /access/policies, or take it out of the application's policies");

    public static ApiException PolicyInUse() =>
        Invalid("the policy cannot be deleted because applications use it");

    public static ApiException UnknownGroup() =>
        new(StatusCodes.Status404NotFound, 12109, "access.api.error.group_not_found");

    public static ApiException GroupInUse() =>
        Invalid("cannot delete group because it is used by a policy or another group");

    public static ApiException GroupNesting() =>
        Invalid($"groups must not contain themselves and nest at most {Tunnel.Access.AccessGroups.MaxNesting} deep");

    // Lists are not of Access alone. What codes Cloudflare has for them it does not say.
    public static ApiException InvalidList(string message) => new(StatusCodes.Status400BadRequest, 2001, message);

    public static ApiException UnknownList() => new(StatusCodes.Status404NotFound, 2002, "list not found");

    public static ApiException ListInUse() =>
        InvalidList("the list cannot be deleted because a policy or a group uses it");

    public static ApiException UnknownServiceToken() =>
        new(StatusCodes.Status404NotFound, 12002, "access.api.error.service_token_not_found");

    public static ApiException ServiceTokenInUse() => new(StatusCodes.Status400BadRequest, 12139,
        "access.api.error.service_token_in_use: cannot delete service token because it is used by a policy, group, " +
        "or app SCIM configuration.");

    public static ApiException UnknownIdentityProvider() =>
        new(StatusCodes.Status404NotFound, 11001, "access.api.error.identity_provider_not_found");

    public static ApiException SecondOneTimePin() => new(StatusCodes.Status409Conflict, 11002,
        "access.api.error.identity_provider_already_exists: the account has a one-time PIN already.");

    public static ApiException OrganizationExists() =>
        new(StatusCodes.Status409Conflict, 11005, "access.api.error.organization_already_exists");

    public static ApiException UnknownCertificate() =>
        new(StatusCodes.Status404NotFound, 12088, "access.api.error.certificate_not_found");

    public static ApiException CertificateExists() =>
        new(StatusCodes.Status409Conflict, 12089, "access.api.error.certificate_already_exists");

    public static ApiException CertificateInUse() => new(StatusCodes.Status400BadRequest, 12090,
        "access.api.error.certificate_has_active_associations: take its hostnames away first");

    public static ApiException UnknownSshAuthority() =>
        new(StatusCodes.Status404NotFound, 11022, "access.api.error.ca_not_found");

    public static ApiException SshAuthorityExists() =>
        new(StatusCodes.Status409Conflict, 11023, "access.api.error.ca_already_exists");

    public static ApiException UnknownUser() =>
        new(StatusCodes.Status404NotFound, 12006, "access.api.error.user_not_found");

    public static ApiException UserExists() =>
        new(StatusCodes.Status409Conflict, 12007, "access.api.error.user_already_exists");

    public static ApiException UnknownSession() =>
        new(StatusCodes.Status404NotFound, 12008, "access.api.error.session_not_found");

    public static ApiException NoIdentity() =>
        new(StatusCodes.Status404NotFound, 12009, "access.api.error.identity_not_found");
}
