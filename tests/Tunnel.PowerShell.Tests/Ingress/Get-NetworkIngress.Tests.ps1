BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Get-NetworkIngress' {
    It 'says that nothing is locked where nothing is' -Skip:(-not ([Environment]::IsPrivilegedProcess -and [IO.File]::Exists('/usr/sbin/nft'))) {
        "$((Get-NetworkIngress).Status)" | Should -Be 'Open'
    }
}
