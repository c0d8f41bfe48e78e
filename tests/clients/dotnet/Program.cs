return args[0] switch
{
    "mysqlconnector" => await MySqlConnectorClient.RunAsync(),
    "dapper" => await DapperClient.RunAsync(),
    "efcore" => await EfCoreClient.RunAsync(),
    _ => 2,
};
