namespace DbProxy.Core.Configuration;

/// <summary>The agent that is asked beside the check of a backend's servers.</summary>
public sealed class AgentCheckOptions
{
    /// <summary>The port that it listens on; 0: there is none.</summary>
    [Allowed("0", "65535")]
    public int Port { get; set; }

    /// <summary>The host that it runs on.</summary>
    [DefaultText("the server's own"), Example("10.0.0.9")]
    public string? Host { get; set; }

    /// <summary>What it is sent before it answers, at most 1 KiB: {server} stands for the server's name, and an agent that reads a
    /// line needs a \n at the end.</summary>
    [Example("check {server}")]
    public string? Send { get; set; }

    /// <summary>The pause between questions.</summary>
    [Allowed("50ms", "1h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer may take.</summary>
    [Allowed("10ms", "5m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);
}
