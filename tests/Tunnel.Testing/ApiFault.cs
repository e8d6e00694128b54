namespace Tunnel.Testing;

/// <summary>What goes wrong between a client and the API.</summary>
public enum ApiFault
{
    None,

    /// <summary>429, and nothing of when to come back.</summary>
    TooManyRequests,

    /// <summary>429 with Retry-After.</summary>
    TooManyRequestsRetryAfter,

    /// <summary>500 with an envelope.</summary>
    ServerError,

    /// <summary>502 with the page of a proxy.</summary>
    BadGateway,

    /// <summary>The connection is cut, and the edge never sees the request.</summary>
    CutBefore,

    /// <summary>The edge does what was asked, and the connection is cut before its answer.</summary>
    CutAfter,

    /// <summary>The edge does what was asked, and half of its answer arrives.</summary>
    CutWithin,

    /// <summary>The edge does what was asked, and its answer does not end.</summary>
    Stalled,

    /// <summary>The edge does what was asked, and the answer says 500.</summary>
    ServerErrorAfter,

    /// <summary>The edge does what was asked, and JSON of another shape arrives.</summary>
    OtherJson,

    /// <summary>The edge does what was asked, and its envelope has a result of another kind.</summary>
    OtherResult,

    /// <summary>The edge's own answer, called text/html.</summary>
    WrongContentType,

    /// <summary>Every page of a list is the first one.</summary>
    RepeatedPage,

    /// <summary>Every entry of a page comes twice.</summary>
    DoubledEntries,
}
