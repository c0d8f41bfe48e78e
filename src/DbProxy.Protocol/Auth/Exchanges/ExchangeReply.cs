namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>What a plugin does next: send data (perhaps of no bytes), send nothing and wait, or give up.</summary>
internal readonly record struct ExchangeReply(byte[]? Data, string? Failure)
{
    public static readonly ExchangeReply Wait = new(null, null);

    public static ExchangeReply Send(byte[] data) => new(data, null);

    public static ExchangeReply Fail(string reason) => new(null, reason);
}
