using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Limits;
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>What of a frontend lives longer than its configuration.</summary>
/// <param name="Backends">The backends by name.</param>
/// <param name="Counters">What it did.</param>
/// <param name="Requests">The rate of requests of each source; null: no limit.</param>
/// <param name="Forwarder">Sends a request to a server and its response back.</param>
/// <param name="Client">The connections to servers.</param>
/// <param name="Time">The clock.</param>
internal sealed record FrontendParts(
    IReadOnlyDictionary<string, Backend> Backends, FrontendCounters Counters, SourceRate? Requests,
    IHttpForwarder Forwarder, HttpMessageInvoker Client, TimeProvider Time);
