namespace DbProxy.Protocol.Responses;

/// <summary>Why <see cref="ResponseTracker.Scan"/> stopped.</summary>
public enum ScanResult : byte
{
    /// <summary>All complete packets are scanned; read more behind the kept bytes and scan again.</summary>
    NeedMore,

    /// <summary>The response has ended.</summary>
    Complete,

    /// <summary>The server asks for a local file: send what is scanned, relay the client's packets, scan again.</summary>
    LocalInfile,

    /// <summary>The buffer has no room for an inserted packet: send what is scanned and scan again.</summary>
    Flush,
}
