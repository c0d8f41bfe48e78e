using DbProxy.Protocol;
using Xunit;

namespace DbProxy.Tests.Protocol;

public sealed class PacketBoundaryTests
{
    [Fact]
    public void A_boundary_is_found_however_the_bytes_are_cut()
    {
        byte[] stream = [3, 0, 0, 7, 0, 1, 2, 0, 0, 0, 8, 1, 0, 0, 9, 0xFF];
        int[] boundaries = [0, 7, 11, 16];
        for (var first = 0; first <= stream.Length; first++)
        {
            for (var second = first; second <= stream.Length; second++)
            {
                var boundary = new PacketBoundary();
                boundary.Follow(stream.AsSpan(0, first));
                boundary.Follow(stream.AsSpan(first, second - first));
                Assert.Equal(boundaries.Contains(second), boundary.IsReached);
                boundary.Follow(stream.AsSpan(second));
                Assert.True(boundary.IsReached);
                Assert.Equal((10, 0xFF), (boundary.NextSequence, boundary.Marker));
            }
        }
    }

    [Fact]
    public void A_payload_of_several_packets_ends_with_its_last()
    {
        var boundary = new PacketBoundary();
        boundary.Follow([0xFF, 0xFF, 0xFF, 254, 0xFE]);
        boundary.Follow(new byte[PacketHeader.MaxPayload - 1]);
        Assert.False(boundary.IsReached);
        boundary.Follow([0, 0, 0, 255]);
        Assert.True(boundary.IsReached);
        Assert.Equal((0, 0xFE), (boundary.NextSequence, boundary.Marker));
    }
}
