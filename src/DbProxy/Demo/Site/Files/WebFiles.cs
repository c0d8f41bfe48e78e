using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Files;

/// <summary>nginx's configuration: what differs on one machine, around the file that the compose stack includes as well.</summary>
internal static class WebFiles
{
    /// <returns>The path of the main file.</returns>
    public static string Write(string folder, string name, string host, SiteAddresses addresses, string webRoot)
    {
        Directory.CreateDirectory(folder);
        // All of this machine's processes see the same host name.
        File.WriteAllText(Path.Combine(folder, "site.conf"), SharedFiles.Read(SharedFiles.WebSite).Replace("$hostname", name, StringComparison.Ordinal));
        var main = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(main, Text(folder, host, addresses, webRoot));
        return main;
    }

    // One process without a master: a signal then means all of it.
    private static string Text(string folder, string host, SiteAddresses addresses, string webRoot) => $$"""
        daemon off; master_process off; pid {{folder}}/pid; error_log stderr warn;
        events { worker_connections 1024; }
        http {
          types { text/html html; text/css css; application/javascript js; image/svg+xml svg; image/png png; }
          default_type application/octet-stream;
          access_log off; server_tokens off; keepalive_timeout 75s; client_max_body_size 64k;
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          upstream app {
            server {{SiteAddresses.Host(Tiers.App, 1)}}:{{addresses.App}} max_fails=3 fail_timeout=2s;
            server {{SiteAddresses.Host(Tiers.App, 2)}}:{{addresses.App}} max_fails=3 fail_timeout=2s;
            keepalive 32;
          }
          server {
            listen {{host}}:{{addresses.Web}};
            root {{webRoot}};
            set $stopping {{folder}}/stopping;
            include {{folder}}/site.conf;
          }
        }
        """;
}
