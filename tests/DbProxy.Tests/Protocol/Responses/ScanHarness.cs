using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

/// <summary>
/// Feeds a tracker the way the relay does: receive behind the kept bytes, scan, send what is scanned, compact. The
/// bytes behind what was received are poisoned, so that a look at them shows in the output.
/// </summary>
internal sealed class ScanHarness(ResponseTracker tracker, int blockSize = 80, int headroom = 9, byte poison = 0xFE)
{
    private byte[] _block = new byte[blockSize];
    private int _start;
    private int _position;
    private int _end;

    public List<byte> Output { get; } = [];

    /// <summary>The sequence shift at each LOCAL INFILE request.</summary>
    public List<byte> FileShifts { get; } = [];

    /// <summary>Bytes received but not scanned when the input ended.</summary>
    public int Unscanned => _end - _position;

    /// <summary>Runs to the end of the response or of the input; <paramref name="chunk"/> says how much arrives next.</summary>
    public ScanResult Run(ReadOnlySpan<byte> input, Func<int> chunk)
    {
        int flushes = 0;
        while (true)
        {
            ScanResult result = tracker.Scan(_block, ref _position, ref _end);
            Assert.InRange(_position, _start, _end);
            Assert.InRange(_end, _position, _block.Length);
            flushes = result == ScanResult.Flush && _position == _start ? flushes + 1 : 0;
            Assert.True(flushes < 2, "Flush without progress: the relay would loop forever.");
            Output.AddRange(_block.AsSpan(_start, _position - _start));
            _start = _position;
            if (result == ScanResult.Complete)
            {
                return result;
            }

            if (result == ScanResult.LocalInfile)
            {
                FileShifts.Add(tracker.SequenceShift);
            }

            Compact();
            if (result == ScanResult.NeedMore || (result == ScanResult.LocalInfile && _end == _position))
            {
                if (input.IsEmpty)
                {
                    return result;
                }

                Receive(ref input, chunk());
            }
        }
    }

    private void Receive(ref ReadOnlySpan<byte> input, int wanted)
    {
        int room = _block.Length - headroom - _end;
        if (room <= 0)
        {
            Array.Resize(ref _block, _block.Length * 2);
            room = _block.Length - headroom - _end;
        }

        int count = Math.Min(Math.Min(Math.Max(wanted, 1), input.Length), room);
        input[..count].CopyTo(_block.AsSpan(_end));
        _end += count;
        _block.AsSpan(_end).Fill(poison);
        input = input[count..];
    }

    private void Compact()
    {
        _block.AsSpan(_start, _end - _start).CopyTo(_block);
        _end -= _start;
        _position -= _start;
        _start = 0;
    }
}
