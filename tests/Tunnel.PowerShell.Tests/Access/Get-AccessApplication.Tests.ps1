BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessApplication' {
    It 'finds applications by hostname, wildcard and id' {
        $application = Get-AccessApplication ssh.example.test
        $application.Domain | Should -Be 'ssh.example.test'
        (Get-AccessApplication ssh.*).Id | Should -Be $application.Id
        (Get-AccessApplication $application.Id).Domain | Should -Be 'ssh.example.test'
        Get-AccessApplication none | Should -BeNullOrEmpty
    }
}
