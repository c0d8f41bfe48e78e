namespace DbProxy.Demo.Views;

/// <summary>Numbers as people read them.</summary>
internal static class Texts
{
    public static string Time(TimeSpan? time) => time?.TotalMilliseconds switch
    {
        null => "-",
        < 10 and var ms => $"{ms:0.00} ms",
        < 100 and var ms => $"{ms:0.0} ms",
        < 10_000 and var ms => $"{ms:0} ms",
        var ms => $"{ms / 1000:0.0} s",
    };

    public static string Share(long part, long whole) => whole == 0 ? "-" : $"{100.0 * part / whole:0} %";
}
