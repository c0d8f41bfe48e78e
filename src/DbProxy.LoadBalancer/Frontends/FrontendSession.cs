using System.Net;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>A client of a frontend, as it is at one moment: a session in tcp mode, a connection in http mode.</summary>
/// <param name="Id">Unique in its frontend.</param>
/// <param name="Client">Who it is; null: unknown.</param>
/// <param name="Backend">The backend that it, or its request, was sent to; null: none now.</param>
/// <param name="Server">The server that works for it; null: none now.</param>
/// <param name="State">waiting (for a server), connected, working (a request), or idle.</param>
/// <param name="Age">How long it has been there.</param>
/// <param name="IdleFor">How long nothing has moved.</param>
public sealed record FrontendSession(long Id, EndPoint? Client, string? Backend, string? Server, string State, TimeSpan Age, TimeSpan IdleFor);
