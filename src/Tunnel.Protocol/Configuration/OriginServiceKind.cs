namespace Tunnel.Protocol.Configuration;

/// <summary>What stands behind an ingress rule.</summary>
public enum OriginServiceKind
{
    /// <summary><c>http://</c> or <c>ws://</c>.</summary>
    Http,

    /// <summary><c>https://</c> or <c>wss://</c>.</summary>
    Https,

    /// <summary><c>tcp://</c>, and any scheme that is not known.</summary>
    Tcp,

    /// <summary><c>ssh://</c>: TCP, port 22.</summary>
    Ssh,

    /// <summary><c>rdp://</c>: TCP, port 3389.</summary>
    Rdp,

    /// <summary><c>smb://</c>: TCP, port 445.</summary>
    Smb,

    /// <summary><c>unix:</c>: HTTP over a Unix domain socket.</summary>
    Unix,

    /// <summary><c>unix+tls:</c>: HTTPS over a Unix domain socket.</summary>
    UnixTls,

    /// <summary><c>http_status:404</c>: answers with that status.</summary>
    HttpStatus,

    /// <summary><c>hello_world</c>: a page of the connector itself.</summary>
    HelloWorld,

    /// <summary><c>bastion</c>: TCP to where the visitor asks.</summary>
    Bastion,

    /// <summary><c>socks-proxy</c>: a SOCKS5 proxy, guarded by IP rules.</summary>
    SocksProxy,
}
