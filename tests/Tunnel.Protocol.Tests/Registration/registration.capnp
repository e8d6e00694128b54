# The messages of registration as the reference implementation shall see them: layout and identifiers from wire.md.
@0xdb8274f9144abc7e;

struct RegisterParams {
  # Parameters of method 0, registerConnection.
  auth @0 :Auth;
  tunnel @1 :Data;        # 16 bytes
  index @2 :UInt8;
  options @3 :Options;
}

struct RegisterResults {
  response @0 :Response;
}

struct ConfigurationParams {
  # Parameters of method 2, updateLocalConfiguration.
  json @0 :Data;
}

struct Auth @0x9496331ab9cd463f {
  account @0 :Text;
  secret @1 :Data;
}

struct Options @0xb4bf9861fe035d04 {
  client @0 :Client;
  originAddress @1 :Data; # 4 or 16 bytes
  replace @2 :Bool;
  compression @3 :UInt8;
  attempts @4 :UInt8;
}

struct Client @0x83ced0145b2f114b {
  id @0 :Data;            # 16 bytes
  features @1 :List(Text);
  version @2 :Text;
  arch @3 :Text;
}

struct Response @0xdbaa9d03d52b62dc {
  outcome :union {
    error @0 :Error;
    details @1 :Details;
  }
}

struct Error @0xf5f383d2785edb86 {
  cause @0 :Text;
  retryNanoseconds @1 :Int64;
  mayRetry @2 :Bool;
}

struct Details @0xb5f39f082b9ac18a {
  connection @0 :Data;    # 16 bytes
  location @1 :Text;
  managedRemotely @2 :Bool;
}
