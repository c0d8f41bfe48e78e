using DbProxy.SampleApp;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
Shop.Configure(builder);
await using var app = builder.Build();
Shop.Map(app);
await app.RunAsync();
