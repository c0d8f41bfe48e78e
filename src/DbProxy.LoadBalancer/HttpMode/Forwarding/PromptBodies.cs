using System.Net;
using DbProxy.LoadBalancer.HttpMode.Requests;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>
/// Sends each piece of a request's body when it comes. .NET's client would collect up to 4 KiB, and a client that waits for
/// an answer to its first piece would wait for ever.
/// </summary>
internal sealed class PromptBodies(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            request.Content = new Prompt(content);
        return base.SendAsync(request, cancellationToken);
    }

    private sealed class Prompt : HttpContent
    {
        private readonly HttpContent _inner;

        public Prompt(HttpContent inner)
        {
            _inner = inner;
            foreach (var header in inner.Headers.NonValidated)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, default);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _inner.CopyToAsync(new FlushedStream(stream), context, cancellationToken);

        // The length is in the header, or unknown.
        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
