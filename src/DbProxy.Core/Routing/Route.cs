using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Routing;

/// <summary>A decision and its reason.</summary>
/// <param name="Server">Where the statement goes; null: nowhere at present.</param>
/// <param name="Reason">Why.</param>
/// <param name="WaitFor">What the server must have applied before it may answer; null: nothing.</param>
internal readonly record struct Route(ServerState? Server, RouteReason Reason, GtidToken? WaitFor = null);
