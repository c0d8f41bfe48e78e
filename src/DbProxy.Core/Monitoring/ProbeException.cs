namespace DbProxy.Core.Monitoring;

/// <summary>A look at a server failed.</summary>
internal sealed class ProbeException(ProbeFailure failure, Exception? inner) : Exception(failure.Message, inner)
{
    internal ProbeFailure Failure { get; } = failure;
}
