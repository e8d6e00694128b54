# Everything that the encoding knows, once. For tests: capnp writes it and we read it, and the other way round.
@0xb6c1f0a9d3e84721;

struct Shapes {
  flag @0 :Bool;
  invertedFlag @1 :Bool = true;
  tiny @2 :UInt8 = 7;
  short @3 :UInt16 = 0x1234;
  medium @4 :UInt32 = 0xdeadbeef;
  long @5 :UInt64 = 0x0123456789abcdef;
  signed @6 :Int64 = -5;
  fraction @7 :Float64 = 1.5;
  colour @8 :Colour = blue;

  text @9 :Text = "nothing said";
  data @10 :Data;

  voids @11 :List(Void);
  bits @12 :List(Bool);
  bytes @13 :List(UInt8);
  shorts @14 :List(UInt16);
  mediums @15 :List(UInt32);
  longs @16 :List(UInt64);
  texts @17 :List(Text);
  lists @18 :List(List(UInt16));
  points @19 :List(Point);
  inner @20 :Shapes;

  choice :union {
    none @21 :Void;
    number @22 :UInt32;
    name @23 :Text;
    point @24 :Point;
  }
}

struct Point {
  x @0 :UInt32;
  y @1 :UInt32;
  label @2 :Text;
}

enum Colour {
  red @0;
  green @1;
  blue @2;
}
