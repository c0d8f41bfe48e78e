namespace DbProxy.Core.Configuration;

/// <summary>One database server.</summary>
public sealed class ServerOptions
{
    /// <summary>Where the server listens, host:port. A name is resolved again for each connection.</summary>
    [DefaultText("required"), Example("db1.example:3306")]
    public string? Address { get; set; }

    /// <summary>The name in logs and metrics.</summary>
    [DefaultText("the address"), Example("db1")]
    public string? Name { get; set; }

    /// <summary>The share of reads, relative to the other replicas' weights.</summary>
    [Allowed("1", "1000")]
    public int Weight { get; set; } = 1;
}
