BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-SshHost' {
    It 'lists what was registered, and nothing else' {
        Set-Content $lab.Config "Host other`n    User somebody"
        Register-SshHost ssh.example.test -Name prod -ConfigFile $lab.Config | Out-Null
        (Get-SshHost -ConfigFile $lab.Config).Name | Should -Be 'prod'
        (Get-SshHost p* -ConfigFile $lab.Config).Hostname | Should -Be 'ssh.example.test'
        Get-SshHost other -ConfigFile $lab.Config | Should -BeNullOrEmpty
    }
}
