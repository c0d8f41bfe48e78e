using System.Text.Json.Serialization;

namespace DbProxy.Core.Configuration;

/// <summary>What clients may or must do about TLS.</summary>
public enum ClientTlsMode
{
    /// <summary>TLS is not offered.</summary>
    Disabled,

    /// <summary>TLS is offered; a client may stay in clear text.</summary>
    Preferred,

    /// <summary>A client without TLS is refused.</summary>
    Required,
}

/// <summary>The oldest version of TLS in use.</summary>
public enum TlsVersion
{
    /// <summary>TLS 1.2 and 1.3.</summary>
    [JsonStringEnumMemberName("1.2")]
    Tls12,

    /// <summary>TLS 1.3 only.</summary>
    [JsonStringEnumMemberName("1.3")]
    Tls13,
}

/// <summary>Certificates of clients.</summary>
public enum ClientCertificateMode
{
    /// <summary>Not asked for.</summary>
    None,

    /// <summary>Asked for: a client may have none, but a wrong one is refused.</summary>
    Request,

    /// <summary>A client without a valid one is refused.</summary>
    Require,
}

/// <summary>How connections to the servers of a backend are protected.</summary>
public enum BackendTlsMode
{
    /// <summary>Plain text.</summary>
    Disabled,

    /// <summary>TLS; the certificate is not checked.</summary>
    Required,

    /// <summary>TLS with a certificate that a known authority signed.</summary>
    VerifyCa,

    /// <summary>As VerifyCa, and the certificate must name the server.</summary>
    VerifyFull,
}

/// <summary>How connections to the servers are protected; the modes of the mysql client.</summary>
public enum ServerTlsMode
{
    /// <summary>Clear text.</summary>
    Disabled,

    /// <summary>TLS when the server offers it; its certificate is not checked.</summary>
    Preferred,

    /// <summary>TLS or no connection; the certificate is not checked.</summary>
    Required,

    /// <summary>TLS with a certificate that a known authority signed.</summary>
    VerifyCa,

    /// <summary>As VerifyCa, and the certificate must name the server's host.</summary>
    VerifyFull,
}

/// <summary>How reads spread over the replicas; the names are HAProxy's.</summary>
public enum BalanceMethod
{
    /// <summary>Each in turn, by weight.</summary>
    [JsonStringEnumMemberName("roundrobin")]
    RoundRobin,

    /// <summary>The one with the fewest statements under way, by weight.</summary>
    [JsonStringEnumMemberName("leastconn")]
    LeastConnections,
}

/// <summary>What a read does when no replica may serve it.</summary>
public enum WithoutReplicaAction
{
    /// <summary>It goes to the primary.</summary>
    Primary,

    /// <summary>It fails with an error, which protects the primary from the readers' load.</summary>
    Fail,
}

/// <summary>Which writes a read on a replica is sure to see.</summary>
public enum CausalReadsMode
{
    /// <summary>Those of its own session.</summary>
    Session,

    /// <summary>Every write acknowledged through this proxy before the read began.</summary>
    Global,

    /// <summary>None: a read may be as old as the replica's lag.</summary>
    None,
}

/// <summary>The form of log lines.</summary>
public enum LogFormat
{
    /// <summary>One line of text for people.</summary>
    Console,

    /// <summary>One JSON object a line for log collectors.</summary>
    Json,
}

/// <summary>How sessions spread over the servers of a backend; the names are HAProxy's, and p2c is its random(2).</summary>
public enum FrontEndBalance
{
    /// <summary>Each in turn, by weight.</summary>
    [JsonStringEnumMemberName("roundrobin")]
    RoundRobin,

    /// <summary>The one with the fewest connections, by weight.</summary>
    [JsonStringEnumMemberName("leastconn")]
    LeastConnections,

    /// <summary>The same server for the same client address, within a bound on its load.</summary>
    [JsonStringEnumMemberName("source")]
    Source,

    /// <summary>The less busy one of two drawn by weight.</summary>
    [JsonStringEnumMemberName("p2c")]
    PowerOfTwoChoices,

    /// <summary>Drawn by weight.</summary>
    [JsonStringEnumMemberName("random")]
    Random,

    /// <summary>The first one with room.</summary>
    [JsonStringEnumMemberName("first")]
    First,
}

/// <summary>What a check of a backend's server does.</summary>
public enum BackendCheck
{
    /// <summary>Nothing: servers always count as up.</summary>
    None,

    /// <summary>Opens a connection.</summary>
    Tcp,

    /// <summary>Sends an HTTP request and looks at the answer.</summary>
    Http,

    /// <summary>Logs in to a MySQL or MariaDB server, or to a proxy before it.</summary>
    MySql,

    /// <summary>Reads a line such as up, drain, 75% or down from an agent on the server's machine.</summary>
    Agent,
}
