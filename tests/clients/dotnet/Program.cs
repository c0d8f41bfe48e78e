if (Cancellation.IsAskedFor)
{
    await (args[0] == "efcore" ? EfCoreClient.CancelAsync() : Cancellation.RunAsync(new MySqlConnectorDriver()));
    return 0;
}

return args[0] switch
{
    "mysqlconnector" => await MySqlConnectorClient.RunAsync(),
    "dapper" => await DapperClient.RunAsync(),
    "efcore" => await EfCoreClient.RunAsync(),
    _ => 2,
};
