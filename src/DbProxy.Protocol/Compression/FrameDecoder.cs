using System.Buffers;
using System.IO.Compression;
using ZstdSharp;

namespace DbProxy.Protocol.Compression;

/// <summary>
/// Unpacks one frame bit by bit into whatever room there is: what the frame's header claims is never allocated. One
/// instance serves one frame.
/// </summary>
internal abstract class FrameDecoder : IDisposable
{
    /// <summary>A decoder of a frame whose payload is complete.</summary>
    /// <param name="algorithm">Zlib or Zstd.</param>
    /// <param name="buffer">Holds the payload until the decoder is disposed.</param>
    /// <param name="offset">Where it starts.</param>
    /// <param name="header">The frame's header.</param>
    public static FrameDecoder Create(CompressionAlgorithm algorithm, byte[] buffer, int offset, FrameHeader header) =>
        algorithm == CompressionAlgorithm.Zlib ? new Zlib(buffer, offset, header.Length) : new Zstd(buffer, offset, header);

    /// <summary>The next bytes; 0 at the end of the frame.</summary>
    /// <exception cref="MalformedPacketException">The payload is not what it should be.</exception>
    public abstract int Read(Span<byte> destination);

    public abstract void Dispose();

    private sealed class Zlib(byte[] buffer, int offset, int length) : FrameDecoder
    {
        private readonly ZLibStream _stream = new(new MemoryStream(buffer, offset, length, writable: false), CompressionMode.Decompress);

        public override int Read(Span<byte> destination)
        {
            try
            {
                return _stream.Read(destination);
            }
            // What zlib has no code for (a preset dictionary) is an IOException.
            catch (Exception e) when (e is InvalidDataException or IOException)
            {
                throw new MalformedPacketException($"Couldn't uncompress a packet: {e.Message}");
            }
        }

        public override void Dispose() => _stream.Dispose();
    }

    private sealed class Zstd(byte[] buffer, int offset, FrameHeader header) : FrameDecoder
    {
        private const int Reusable = 1 << 20;

        private readonly Decompressor _decompressor = ZstdContexts.RentDecompressor();
        private int _position;
        private bool _failed;
        private bool _ended;

        public override int Read(Span<byte> destination)
        {
            if (_ended || destination.IsEmpty)
            {
                return 0;
            }

            ReadOnlySpan<byte> rest = buffer.AsSpan(offset + _position, header.Length - _position);
            int consumed, written;
            OperationStatus status;
            try
            {
                status = _decompressor.UnwrapStream(rest, destination, out consumed, out written);
            }
            catch (ZstdException e)
            {
                _failed = true;
                throw new MalformedPacketException($"Couldn't uncompress a packet: {e.Message}");
            }

            _position += consumed;
            _ended = status == OperationStatus.Done;
            if (status == OperationStatus.InvalidData || (!_ended && written == 0) || (_ended && _position < header.Length))
            {
                _failed = true;
                throw new MalformedPacketException("Couldn't uncompress a packet: its end is missing, or something follows it.");
            }

            return written;
        }

        public override void Dispose() => ZstdContexts.Return(_decompressor, !_failed && header.PlainLength <= Reusable);
    }
}
