namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>
/// How a request ended, in HAProxy's letters: who ended it (C client, S server, P proxy, R resources, K killed here; small:
/// its timeout), and in which stage (R request, Q queue, C connect, H response headers, D data, T tarpit).
/// </summary>
internal static class EndState
{
    public const string Ok = "--";
    public const string Denied = "PR";
    public const string Tarpit = "PT";
    public const string Answered = "LR";
    public const string BadRequest = "CR";
    public const string SlowRequest = "cD";
    public const string NoBackend = "SC";
    public const string QueueFull = "RQ";
    public const string QueueTimeout = "sQ";
    public const string ClientLeftQueue = "CQ";
    public const string ConnectFailed = "SC";
    public const string ClientLeftBeforeResponse = "CH";
    public const string ServerBrokeBeforeResponse = "SH";
    public const string ServerTooSlow = "sH";
    public const string BadResponse = "PH";
    public const string Killed = "KD";
    public const string ClientLeft = "CD";
    public const string ServerBroke = "SD";
    public const string ServerStalled = "sD";
    public const string Defect = "IR";
}
