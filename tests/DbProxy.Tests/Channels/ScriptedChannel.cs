using DbProxy.Core.Channels;

namespace DbProxy.Tests.Channels;

/// <summary>A peer that says what a test wrote down, in chunks of given sizes, and then closes.</summary>
internal sealed class ScriptedChannel(byte[] says, Func<int>? chunk = null) : ByteChannel
{
    private int _said;
    private bool _aborted;

    /// <summary>Bytes delivered so far.</summary>
    public int Delivered => _said;

    /// <summary>The largest buffer that a receive was given.</summary>
    public int LargestBuffer { get; private set; }

    public List<byte> Heard { get; } = [];

    public override bool HasInput => _said < says.Length;

    public override bool IsSecure => false;

    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        await Task.CompletedTask;
        LargestBuffer = Math.Max(LargestBuffer, buffer.Length);
        int count = _aborted ? 0 : Math.Min(Math.Min(buffer.Length, says.Length - _said), Math.Max(1, chunk?.Invoke() ?? int.MaxValue));
        says.AsSpan(_said, count).CopyTo(buffer.Span);
        _said += count;
        return count;
    }

    public override ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        Heard.AddRange(bytes.Span);
        return new(!_aborted);
    }

    public override void Abort() => _aborted = true;

    public override void Dispose() => _aborted = true;
}
