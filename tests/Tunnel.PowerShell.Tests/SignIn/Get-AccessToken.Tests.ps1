BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    . "$PSScriptRoot/TokenFile.ps1"
    $lab = Start-Lab
    $tokens = "$($lab.Folder)/tokens"
    New-TokenFile $tokens ssh.example.test (Get-Date).AddHours(1)
    New-TokenFile $tokens old.example.test (Get-Date).AddHours(-1)
    Set-Content "$tokens/team.example.test-org-token" 'x'
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessToken' {
    It 'lists applications'' tokens and says which are over' {
        $listed = Get-AccessToken -Folder $tokens
        $listed.Hostname | Should -Be @('old.example.test', 'ssh.example.test')
        $listed.IsExpired | Should -Be @($true, $false)
    }

    It 'takes wildcards' {
        (Get-AccessToken ssh* -Folder $tokens).Email | Should -Be 'alice@example.com'
        Get-AccessToken other* -Folder $tokens | Should -BeNullOrEmpty
    }

    It 'does not show the token' {
        Get-AccessToken -Folder $tokens | Format-List * | Out-String | Should -Not -Match 'c2ln'
    }

    It 'finds nothing in a folder that is not there' {
        Get-AccessToken -Folder "$($lab.Folder)/none" | Should -BeNullOrEmpty
    }
}
