"""PyMySQL: pure Python, no code of the server's own libraries."""
import ssl

import pymysql

import contract
import dbapi


def connect(**options):
    context = None
    if contract.tls:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    settings = dict(host=contract.host, port=contract.port, user=contract.user, password=contract.password,
                    database=contract.schema, charset="utf8mb4", ssl=context, autocommit=True)
    return pymysql.connect(**{**settings, **options})


print("client PyMySQL", pymysql.__version__)
dbapi.run(pymysql, connect, ("caching_sha2_password", "mysql_native_password", "sha256_password"))
contract.skip("the driver has no compression", "compression")
contract.skip("the driver has no reset and no change of user", "pool.reset", "change_user")


@contract.capability("attributes")
def attributes():
    if contract.flavor == "mariadb":
        raise contract.Skip("the server has its performance schema off")
    db = connect(program_name="pymysql-test")
    try:
        return dbapi.ask(db, "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs "
                             "WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('_client_name', 'program_name') ORDER BY 1")
    finally:
        db.close()
