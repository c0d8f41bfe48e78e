using System.Text.Json.Serialization;

namespace DbProxy.Admin.Api.Models;

/// <summary>Everything at one moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Access">What the one who asks may do.</param>
/// <param name="Process">The process.</param>
/// <param name="Frontends">The frontends.</param>
/// <param name="Backends">The backends with their servers.</param>
/// <param name="MySql">The MySQL proxy; null: there is none.</param>
internal sealed record Stats(DateTimeOffset Time, AccessInfo Access, ProcessInfo Process, FrontendInfo[] Frontends, BackendInfo[] Backends,
    [property: JsonPropertyName("mysql")] MySqlInfo? MySql);

/// <summary>What the one who asks may do.</summary>
/// <param name="HasActions">Whether a password is configured, without which there are no actions.</param>
/// <param name="IsLoggedIn">Whether the request had the password.</param>
internal sealed record AccessInfo(bool HasActions, bool IsLoggedIn);
