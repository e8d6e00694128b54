BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-SshCertificateAuthority' {
    It 'removes it, and nothing with -WhatIf' {
        New-SshCertificateAuthority ssh.example.test | Remove-SshCertificateAuthority -WhatIf
        Get-SshCertificateAuthority | Should -HaveCount 1
        Get-SshCertificateAuthority | Remove-SshCertificateAuthority -Confirm:$false
        Get-SshCertificateAuthority | Should -BeNullOrEmpty
    }
}
