using System.Net;
using System.Text.Json;
using Xunit;

namespace DbProxy.IntegrationTests.Admin.Parts;

/// <summary>The runtime API in one line, with the password.</summary>
internal static class AdminApi
{
    public static async Task<JsonElement> GetAsync(this AdminBed bed, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await bed.SendAsync(HttpMethod.Get, path);
        return await JsonAsync(response, expected);
    }

    public static async Task<JsonElement> PatchAsync(this AdminBed bed, string path, string json, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await bed.SendAsync(HttpMethod.Patch, path, json, AdminBed.Bearer(AdminBed.Password));
        return await JsonAsync(response, expected);
    }

    public static async Task<JsonElement> PostAsync(this AdminBed bed, string path, string? json, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await bed.SendAsync(HttpMethod.Post, path, json, AdminBed.Bearer(AdminBed.Password), ("X-DbProxy", "1"));
        return await JsonAsync(response, expected);
    }

    public static async Task<JsonElement> DeleteAsync(this AdminBed bed, string path, HttpStatusCode expected = HttpStatusCode.NoContent)
    {
        using var response = await bed.SendAsync(HttpMethod.Delete, path, null, AdminBed.Bearer(AdminBed.Password), ("X-DbProxy", "1"));
        return await JsonAsync(response, expected);
    }

    public static string Text(this JsonElement element, string key) => element.GetProperty(key).ToString();

    public static long Number(this JsonElement element, params string[] path) =>
        path.Aggregate(element, static (at, key) => at.GetProperty(key)).GetInt64();

    /// <summary>The element of a list whose key has a value.</summary>
    public static JsonElement Find(this JsonElement list, string key, string value) => list.EnumerateArray().Single(e => e.Text(key) == value);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }
}
