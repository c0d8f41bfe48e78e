using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;

namespace DbProxy.Demo.Site;

/// <summary>Tells the front ends, by their runtime API, what they can't see by themselves.</summary>
internal sealed class SiteOperator(HttpClient http)
{
    // Requests that are on their way are a matter of milliseconds; on a busy machine of more.
    private static readonly TimeSpan _underWay = TimeSpan.FromSeconds(1);

    public string Password { get; } = RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>
    /// Takes a server out of work while something is done to it. It would close its idle connections at the moment when a
    /// front end sends the next request on one of them.
    /// </summary>
    public async Task WithoutAsync(IEnumerable<Uri> fronts, string backend, string server, Func<Task> work, CancellationToken cancel)
    {
        Uri[] pages = [.. fronts.Select(f => new Uri(f, $"/api/v1/backends/{backend}/servers/{server}"))];
        foreach (var page in pages)
            await SetAsync(page, "drain", cancel);
        try
        {
            await Task.Delay(_underWay, cancel);
            await work();
        }
        finally
        {
            foreach (var page in pages)
                await SetAsync(page, "ready", CancellationToken.None);
        }
    }

    private async Task SetAsync(Uri page, string state, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, page) { Content = JsonContent.Create(new { State = state, Reason = "a restart" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Password);
        try
        {
            using var answer = await http.SendAsync(request, cancel);
            if (!answer.IsSuccessStatusCode)
                throw new SiteException($"{page} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
        }
        catch (HttpRequestException)
        {
            // A front end that is down sends nothing to anybody.
        }
    }
}
