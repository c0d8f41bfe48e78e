using System.Collections.Frozen;
using System.Text;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Handshake;

/// <summary>
/// The encodings of the character sets that a client may log in with: names of users and schemas arrive in it. A password
/// is bytes to every server and is never converted.
/// </summary>
internal static class ClientCharsets
{
    // MySQL's latin1 is Windows' 1252. Character sets of no code page (dec8, hp8, geostd8, …) are ASCII where it counts.
    private static readonly FrozenDictionary<string, int> CodePages = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["latin1"] = 1252, ["latin2"] = 28592, ["latin5"] = 28599, ["latin7"] = 28603, ["ascii"] = 20127, ["greek"] = 28597,
        ["hebrew"] = 28598, ["cp1250"] = 1250, ["cp1251"] = 1251, ["cp1256"] = 1256, ["cp1257"] = 1257, ["cp850"] = 850,
        ["cp852"] = 852, ["cp866"] = 866, ["koi8r"] = 20866, ["koi8u"] = 21866, ["tis620"] = 874, ["macroman"] = 10000,
        ["macce"] = 10029, ["gbk"] = 936, ["gb2312"] = 936, ["gb18030"] = 54936, ["big5"] = 950, ["sjis"] = 932, ["cp932"] = 932,
        ["ujis"] = 51932, ["eucjpms"] = 51932, ["euckr"] = 51949,
    }.ToFrozenDictionary();

    // As a server: what is no text in the character set becomes a question mark.
    private static readonly Encoding Utf8 = Encoding.GetEncoding(65001, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("?"));

    static ClientCharsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding of a collation; UTF-8 where no server has said yet which character set it belongs to.</summary>
    public static Encoding Of(int collationId, Topology topology)
    {
        foreach (ServerState server in topology.Servers)
        {
            if (server.Model.Collations.TryGetValue(collationId, out CollationInfo collation))
            {
                return CodePages.TryGetValue(collation.Charset, out int page)
                    ? Encoding.GetEncoding(page, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("?"))
                    : Utf8;
            }
        }

        return Utf8;
    }
}
