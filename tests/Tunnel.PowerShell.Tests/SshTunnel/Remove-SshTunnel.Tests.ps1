BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-SshTunnel' {
    It 'removes tunnel and files, and nothing with -WhatIf' {
        $tunnel = Start-SshTunnel ssh.example.test | Wait-SshTunnel -Timeout 30
        $tunnel | Remove-SshTunnel -WhatIf
        $tunnel.CredentialsFile | Should -Exist
        Get-SshTunnel | Remove-SshTunnel -GracePeriod 0 -Confirm:$false
        Get-SshTunnel | Should -BeNullOrEmpty
        $tunnel.CredentialsFile | Should -Not -Exist
    }
}
