BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessApplication' {
    It 'locks a hostname, and gives the application back the second time' {
        $application = New-AccessApplication ssh.example.test -Name SSH -SessionDuration 1h
        $application.Domain | Should -Be 'ssh.example.test'
        $application.SessionDuration | Should -Be '1h'
        (New-AccessApplication ssh.example.test -Name SSH).Id | Should -Be $application.Id
    }

    It 'refuses other settings for the same hostname' {
        { New-AccessApplication ssh.example.test -Name other } |
            Should -Throw -ErrorId 'ResourceConflict,Tunnel.PowerShell.Access.NewAccessApplication'
    }

    It 'creates nothing with -WhatIf' {
        New-AccessApplication whatif.example.test -WhatIf | Should -BeNullOrEmpty
        Get-AccessApplication whatif.example.test | Should -BeNullOrEmpty
    }
}
