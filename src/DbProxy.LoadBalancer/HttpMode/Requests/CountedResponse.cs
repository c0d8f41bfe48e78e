using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>A response's body that counts what is written.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature inner, Exchange exchange) : CountedStream(inner.Stream, exchange), IHttpResponseBodyFeature
{
    private PipeWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(this, new(leaveOpen: true));

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("No files are served here.");

    public async Task CompleteAsync()
    {
        if (_writer is not null)
            await _writer.CompleteAsync();
        await inner.CompleteAsync();
    }
}
