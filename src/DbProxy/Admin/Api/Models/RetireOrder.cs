namespace DbProxy.Admin.Api.Models;

/// <summary>Whose sessions of the MySQL proxy are to end.</summary>
/// <param name="Peer">The IP address that their connections come from, such as a load balancer's, whatever clients it names.</param>
/// <param name="Seconds">How long to wait for them, up to 20. In the first half of it they end only where pools of connections don't mind.</param>
internal sealed record RetireOrder(string Peer, double Seconds = 2);

/// <summary>What became of it.</summary>
/// <param name="Found">How many sessions there were.</param>
/// <param name="Left">How many are still there; they end at their next rest.</param>
internal sealed record RetireInfo(int Found, int Left);
