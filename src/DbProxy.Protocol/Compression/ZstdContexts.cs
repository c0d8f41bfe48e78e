using System.Collections.Concurrent;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace DbProxy.Protocol.Compression;

/// <summary>
/// Zstandard's working memory, a megabyte and more a context: lent out for one frame, so that idle connections have none.
/// </summary>
internal static class ZstdContexts
{
    // No frame holds more than 16 MiB, so no honest one needs a larger window; one that asks for it is refused instead
    // of being given the memory.
    private const int MaxWindowLog = 24;

    // Higher levels need tens of megabytes; nobody wants those kept.
    private const int HighestKeptLevel = 9;
    private static readonly int _kept = Environment.ProcessorCount;

    private static readonly ConcurrentBag<Compressor>[] _compressors =
        [.. Enumerable.Range(0, HighestKeptLevel + 1).Select(_ => new ConcurrentBag<Compressor>())];

    private static readonly ConcurrentBag<Decompressor> _decompressors = [];

    public static int Compress(int level, ReadOnlySpan<byte> plain, Span<byte> destination)
    {
        bool keeps = level is >= 0 and <= HighestKeptLevel;
        Compressor? compressor = null;
        if (!keeps || !_compressors[level].TryTake(out compressor))
        {
            compressor = new Compressor(level);
        }

        int length = compressor.Wrap(plain, destination);
        if (keeps && _compressors[level].Count < _kept)
        {
            _compressors[level].Add(compressor);
        }
        else
        {
            compressor.Dispose();
        }

        return length;
    }

    public static Decompressor RentDecompressor()
    {
        if (!_decompressors.TryTake(out Decompressor? decompressor))
        {
            decompressor = new Decompressor();
            decompressor.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, MaxWindowLog);
        }

        return decompressor;
    }

    /// <summary>Takes one back; one that served a large frame keeps its window's memory and is not kept.</summary>
    public static void Return(Decompressor decompressor, bool reusable)
    {
        if (reusable && _decompressors.Count < _kept)
        {
            decompressor.ResetStream();
            _decompressors.Add(decompressor);
        }
        else
        {
            decompressor.Dispose();
        }
    }
}
