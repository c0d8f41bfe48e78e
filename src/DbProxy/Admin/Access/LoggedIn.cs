namespace DbProxy.Admin.Access;

/// <summary>Marks a request that had the password.</summary>
/// <param name="User">The name given with it; "token" where there was none.</param>
internal sealed record LoggedIn(string User);
