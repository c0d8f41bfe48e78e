namespace DbProxy.Core.Configuration.Validation;

/// <summary>Says in a user's words why a file can't be read.</summary>
internal static class FileProblem
{
    public static string Describe(string file, Exception why) => why switch
    {
        FileNotFoundException or DirectoryNotFoundException => $"there is no file {file}",
        UnauthorizedAccessException when Directory.Exists(file) => $"{file} is a directory, not a file",
        UnauthorizedAccessException => $"{file} may not be read by this user; change its owner or mode",
        _ => $"{file} can't be read: {why.Message}",
    };
}
