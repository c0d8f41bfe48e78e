namespace DbProxy.Core.Configuration;

/// <summary>The HTTP listener for operators.</summary>
public sealed class AdminOptions
{
    /// <summary>Its address; null (in variables and flags the word none): no such listener.</summary>
    /// <remarks>It asks for no password: keep it on the local host or in a network for operators.</remarks>
    public string? Listen { get; set; } = "127.0.0.1:6070";
}
