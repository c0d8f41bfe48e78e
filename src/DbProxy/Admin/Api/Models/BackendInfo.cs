namespace DbProxy.Admin.Api.Models;

/// <summary>A backend and what it did.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Balance">How sessions spread over the servers.</param>
/// <param name="State">UP while a server takes sessions, else DOWN.</param>
/// <param name="ActiveServers">Servers in work that are no backups.</param>
/// <param name="BackupServers">Backups in work.</param>
/// <param name="Weight">The weights of the servers in work together.</param>
/// <param name="Queue">Sessions that wait for a server.</param>
/// <param name="Sessions">Sessions that servers have.</param>
/// <param name="SessionRate">Sessions given to servers a second.</param>
/// <param name="Requests">HTTP requests; null where there were none.</param>
/// <param name="Bytes">Bytes passed on.</param>
/// <param name="Refused">Sessions refused for want of a server, or after waiting for one.</param>
/// <param name="Errors">What went wrong with servers.</param>
/// <param name="Retries">Sessions tried again on the same server.</param>
/// <param name="Redispatches">Sessions tried again on another one.</param>
/// <param name="Servers">The servers.</param>
internal sealed record BackendInfo(
    string Name, string Balance, string State, int ActiveServers, int BackupServers, double Weight, QueueFigures Queue, SessionFigures Sessions,
    RateFigures SessionRate, RequestFigures? Requests, ByteFigures Bytes, long Refused, ErrorFigures Errors, long Retries, long Redispatches, ServerInfo[] Servers);
