using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace DbProxy.Commands.Ctl;

/// <summary>Asks a running proxy by its runtime API.</summary>
internal sealed class CtlClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    public CtlClient(Uri address, string? password, string? caFile, bool insecure)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (insecure)
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        else if (caFile is not null)
            handler.SslOptions.CertificateChainPolicy = Policy(caFile);
        _http = new(handler) { BaseAddress = new(address, "/api/v1/"), Timeout = Patience };
        if (password is not null)
            _http.DefaultRequestHeaders.Authorization = new("Bearer", password);
        _http.DefaultRequestHeaders.Add("X-DbProxy", "1");
    }

    /// <summary>Sends a request and gives the answer's text; empty: there is none.</summary>
    /// <exception cref="CtlException">The proxy could not be reached, or refused.</exception>
    public async Task<string> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode ? text : throw new CtlException(Explain(response, text), ExitCode.Failure);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new CtlException($"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {e.InnerException?.Message ?? e.Message}", ExitCode.Unreachable);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Explain(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType is MediaTypeHeaderValue { MediaType: "application/problem+json" })
        {
            using var problem = JsonDocument.Parse(text);
            return $"{problem.RootElement.GetProperty("title").GetString()}: {problem.RootElement.GetProperty("detail").GetString()}";
        }
        return $"{(int)response.StatusCode} {response.ReasonPhrase}; is this a proxy's Admin.Listen?";
    }

    private static X509ChainPolicy Policy(string caFile)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(caFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CtlException($"{caFile}: {e.Message}", ExitCode.BadConfiguration);
        }
        return policy;
    }
}
