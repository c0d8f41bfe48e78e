namespace DbProxy.Admin.Access;

/// <summary>
/// Keeps other sites from acting with the credentials that a browser holds for this one: an action must carry what a
/// page of another origin can't send without being asked for leave, which it isn't given.
/// </summary>
internal static class CrossSite
{
    /// <summary>The header that an action without a JSON body needs.</summary>
    public const string Header = "X-DbProxy";

    /// <summary>Why the request is refused; null: it isn't.</summary>
    public static Problem? Refusal(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.Origin is [{ } origin] && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            return Refuse($"The request comes from a page of {origin}; actions are taken from this address only.");
        if (headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none"))
            return Refuse("The request comes from a page of another site; actions are taken from this address only.");
        return request.HasJsonContentType() || headers.ContainsKey(Header)
            ? null
            : Refuse($"Send Content-Type: application/json with a body, or the header {Header}: 1 without one.");
    }

    private static Problem Refuse(string detail) => new(StatusCodes.Status403Forbidden, "Refused as possibly forged", detail);
}
