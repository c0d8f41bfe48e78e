"""mysqlclient (MySQLdb): Python over the C library libmariadb."""
import MySQLdb
import MySQLdb.cursors

import contract
import dbapi


def connect(**options):
    settings = dict(host=contract.host, port=contract.port, user=contract.user, password=contract.password,
                    database=contract.schema, charset="utf8mb4", autocommit=True)
    if contract.tls:
        settings["ssl"] = {"cipher": "HIGH"}
    return MySQLdb.connect(**{**settings, **options})


print("client mysqlclient", MySQLdb.__version__)
dbapi.run(MySQLdb, connect, ("caching_sha2_password", "mysql_native_password", "sha256_password", "ed25519"))


@contract.capability("compression")
def compression():
    db = connect(compress=1)
    try:
        return dbapi.ask(db, "SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000))")
    finally:
        db.close()


contract.skip("the driver has no reset", "pool.reset")


@contract.capability("change_user")
def change_user():
    db = connect()
    try:
        dbapi.ask(db, "SET @a = 1")
        user, password = list(contract.accounts.values())[0]
        db.change_user(user, password, contract.schema)
        return dbapi.ask(db, "SELECT CURRENT_USER(), @a, DATABASE()")
    finally:
        db.close()


@contract.capability("attributes")
def attributes():
    if contract.flavor == "mariadb":
        raise contract.Skip("the server has its performance schema off")
    db = connect()
    try:
        return dbapi.ask(db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs "
                             "WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('_client_name', '_client_version') ORDER BY 1")
    finally:
        db.close()
