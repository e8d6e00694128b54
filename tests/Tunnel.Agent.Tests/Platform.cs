using System.Runtime.Versioning;

// These tests send signals and set file modes.
[assembly: UnsupportedOSPlatform("windows")]
