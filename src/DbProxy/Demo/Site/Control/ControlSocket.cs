using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DbProxy.Demo.Site.Control;

/// <summary>The socket by which a running site takes orders: one line of JSON there, one back, then it closes.</summary>
internal static class ControlSocket
{
    private const string Name = "control.sock";
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The path of a site's socket, from its folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, Name);

    public static Socket Listen(string folder)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(PathIn(folder)));
        socket.Listen();
        return socket;
    }

    /// <summary>Null where nobody listens.</summary>
    public static async Task<NetworkStream?> ConnectAsync(string folder, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(PathIn(folder)), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public static async Task WriteAsync<T>(Stream stream, T message, CancellationToken cancel)
    {
        await JsonSerializer.SerializeAsync(stream, message, _json, cancel);
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Null where the other side closed without a word.</summary>
    public static async Task<T?> ReadAsync<T>(Stream stream, CancellationToken cancel)
        where T : class
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(cancel) is { } line ? Parse<T>(line) : null;
    }

    /// <summary>Null where it is not what it should be.</summary>
    public static T? Parse<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, _json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
