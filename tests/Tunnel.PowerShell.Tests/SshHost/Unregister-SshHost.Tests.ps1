BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Unregister-SshHost' {
    It 'takes a host out, leaves the rest, and may be called again' {
        Set-Content $lab.Config "Host other`n    User somebody"
        $before = Get-Content -Raw $lab.Config
        Register-SshHost ssh.example.test -ConfigFile $lab.Config | Out-Null
        Get-SshHost -ConfigFile $lab.Config | Unregister-SshHost -WhatIf
        Get-SshHost -ConfigFile $lab.Config | Should -HaveCount 1
        Get-SshHost -ConfigFile $lab.Config | Unregister-SshHost
        Unregister-SshHost ssh.example.test -ConfigFile $lab.Config
        Get-Content -Raw $lab.Config | Should -Be $before
    }
}
