BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-SshCertificateAuthority' {
    It 'makes one authority for an application, and none with -WhatIf' {
        New-SshCertificateAuthority ssh.example.test -WhatIf | Should -BeNullOrEmpty
        Get-SshCertificateAuthority | Should -BeNullOrEmpty
        $made = Get-AccessApplication | New-SshCertificateAuthority
        (New-SshCertificateAuthority ssh.example.test).Id | Should -Be $made.Id
    }
}
