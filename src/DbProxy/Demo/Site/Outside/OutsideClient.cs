using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using DbProxy.Demo.Site.Control;

namespace DbProxy.Demo.Site.Outside;

/// <summary>Several users at once, from outside, all the time. They try nothing twice.</summary>
internal sealed class OutsideClient : IAsyncDisposable
{
    private const int Users = 4;
    private static readonly TimeSpan _think = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private static readonly RequestKind[] _kinds = Enum.GetValues<RequestKind>();

    private readonly HttpClient _http;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<Sample> _samples = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _users;

    private OutsideClient(HttpClient http)
    {
        _http = http;
        _users = [.. Enumerable.Range(0, Users).Select(user => Task.Run(() => LoopAsync(user)))];
    }

    /// <summary>Time since its start, as samples have it.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_started);

    /// <summary>What has been answered so far.</summary>
    public IReadOnlyList<Sample> Samples => [.. _samples];

    public static OutsideClient Start(SiteView site) => new(SiteHttp.Create(site.Hosts, site.Port, site.CertificatePath, _patience));

    /// <summary>Ends with what is under way, and gives all samples.</summary>
    public async Task<IReadOnlyList<Sample>> StopAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_users);
        return Samples;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task LoopAsync(int user)
    {
        for (var turn = user; !_stopping.IsCancellationRequested; turn++)
        {
            _samples.Enqueue(await AskAsync(_kinds[turn % _kinds.Length]));
            await Task.Delay(_think, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Sample> AskAsync(RequestKind kind)
    {
        var start = Now;
        try
        {
            using var request = Request(kind);
            using var answer = await _http.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return Read(new Sample(kind, start, Now) { By = Headers(answer) }, answer, body);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            return new Sample(kind, start, Now) { Failure = e is OperationCanceledException ? $"no answer within {_patience.TotalSeconds:0} s" : Innermost(e).Message };
        }
    }

    private static HttpRequestMessage Request(RequestKind kind) => kind switch
    {
        RequestKind.Products => new(HttpMethod.Get, "/api/products"),
        RequestKind.Orders => new(HttpMethod.Get, "/api/orders"),
        RequestKind.File => new(HttpMethod.Get, "/static/shop.css"),
        _ => new(HttpMethod.Post, "/api/orders") { Content = JsonContent.Create(new { ProductId = 1, Customer = "a client outside" }) },
    };

    private static Sample Read(Sample sample, HttpResponseMessage answer, string body)
    {
        if (!answer.IsSuccessStatusCode)
            return sample with { Failure = $"{(int)answer.StatusCode} {Explanation(answer, body)}" };
        if (sample.Kind is RequestKind.Products or RequestKind.File)
            return sample;
        using var json = JsonDocument.Parse(body);
        if (sample.Kind == RequestKind.Orders)
            return sample with { Newest = json.RootElement.EnumerateArray().Select(Id).FirstOrDefault() };
        var placed = Id(json.RootElement);
        var listed = json.RootElement.GetProperty("orders").EnumerateArray().Select(Id).ToList();
        // The list has the newest only: while its read waited for a server, orders of others may have pushed this one off its end.
        return listed.Count > 0 && (listed.Contains(placed) || listed.TrueForAll(id => id > placed))
            ? sample with { Placed = placed }
            : sample with { Placed = placed, Failure = $"order {placed} is missing from the list that was read behind it" };
    }

    private static long Id(JsonElement order) => order.GetProperty("id").GetInt64();

    private static Dictionary<string, string> Headers(HttpResponseMessage answer) => answer.Headers
        .Where(h => ServedBy.Headers.ContainsKey(h.Key))
        .ToDictionary(h => h.Key, h => h.Value.First());

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    private static string Explanation(HttpResponseMessage answer, string body)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "application/problem+json")
            return $"from {answer.Headers.Server.FirstOrDefault()?.ToString() ?? "the front end"}";
        using var problem = JsonDocument.Parse(body);
        return $"{problem.RootElement.GetProperty("title")}: {problem.RootElement.GetProperty("detail")}";
    }
}
