@{
    RootModule           = 'bin/Tunnel.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0f2f5e-5c0b-4f0a-9c5c-0d4f3a0f6b1e'
    Author               = 'The Tunnel authors'
    Copyright            = 'The Tunnel authors, MIT licence'
    Description          = 'Puts an SSH server behind identity: no open port, an edge that asks who you are, plain ssh.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    CmdletsToExport      = @('*')
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
